export type { FileToSend } from "../UploadFile.ts"
export { type Api, type CallOptions, type Device, fromDocument, make, type Parameters } from "./Api.ts"
export type { Operation, Parameter } from "./Operation.ts"
