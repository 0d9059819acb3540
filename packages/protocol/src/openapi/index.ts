/**
 * Routes that describe themselves: a description stands beside its handler, and `openApiOf` reads an app's OpenAPI 3.1 document
 * from its router. See docs/decisions/0013.
 */
export { batchReply, errorReply } from '../replies.ts';
export type { AppDescription, Router } from './app_description.ts';
export type { JsonSchema } from './components.ts';
export { openApiOf } from './document.ts';
export type {
  Content,
  HeaderObject,
  OpenApi,
  OperationObject,
  ParameterObject,
  PathItem,
  Reference,
  ResponseObject,
} from './open_api.ts';
export type { AnswerDescription, Operation, Value } from './operation.ts';
export { described, fallback, operationOf } from './operation.ts';
export { operationsOf, resolved } from './read.ts';
