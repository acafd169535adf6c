import type { ImageName } from '../engine/stacks';

/** The images of a stack. */
export const imageNames: readonly ImageName[] = ['node', 'etcd', 'barman'];
