import { firstNumbers, sizeOf, type Intervals } from '../formats/intervals';
import { firstOf, SHOWN } from './place';

/** The first few numbers of a set, and how many there are. */
export function shown(set: Intervals): string {
  return firstOf(firstNumbers(set, SHOWN), sizeOf(set));
}
