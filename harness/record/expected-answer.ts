import { z } from 'zod';

/** What a person expects of a query after a recovery: one row, one column. `pgdrill pitr --expect`. */
export const expectedAnswerSchema = z.object({
  database: z.string(),
  sql: z.string(),
  /** The value's text; `t` where only the truth of the query is expected. */
  expected: z.string(),
});
export type ExpectedAnswer = z.infer<typeof expectedAnswerSchema>;

/** What a member answered: the value's text, or why there is none. */
export const givenAnswerSchema = z.object({ found: z.string().optional(), why: z.string().optional() });
export type GivenAnswer = z.infer<typeof givenAnswerSchema>;
