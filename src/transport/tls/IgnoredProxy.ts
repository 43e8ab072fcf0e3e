import { grantedVariable } from "../../validation/GrantedVariable.ts"

const names = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]

/**
 * `ignoredProxy` gives the variable that names a proxy to other programs, where one is set: a script that reaches
 * nothing may expect that it is obeyed.
 */
export const ignoredProxy = (): string | undefined => names.find((name) => grantedVariable(name) !== "")
