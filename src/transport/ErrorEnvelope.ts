import * as Predicate from "effect/Predicate"

/**
 * `isError` says whether JSON is an error as FMC and FDM tell one, whatever its status says:
 * `{"error":{"messages":[…]}}`. No answer of theirs to what has succeeded has that form (FMC OpenAPI and FDM OpenAPI,
 * all models); an FMC's is documented without `error` round it, too (FMC OpenAPI, ErrorResponse).
 */
export const isError = (json: unknown): boolean => {
  if (!Predicate.isReadonlyRecord(json)) return false
  if (Predicate.isReadonlyRecord(json.error)) return Array.isArray(json.error.messages)
  return Array.isArray(json.messages) && typeof (json.category ?? json.severity) === "string"
}
