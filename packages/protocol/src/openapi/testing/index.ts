/** What tests of an app need to hold it to its description. Not published. */

export { operationsOf } from '../read.ts';
export { type AnswerCheck, createAnswerCheck, describedAnswers, type Seen } from './answer_check.ts';
export { checkedFetch } from './checked_fetch.ts';
export { documentFaults } from './document_faults.ts';
