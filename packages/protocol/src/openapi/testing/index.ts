/** What tests of an app need to hold it to its description. Not published. */
export { type AnswerCheck, createAnswerCheck, describedAnswers, type Seen } from './answer_check.ts';
export { checkedFetch } from './checked_fetch.ts';
export { documentFaults, operationsOf } from './document_faults.ts';
