/** `Facts` are what contenders are told of the device. */
export interface Facts {
  readonly origin: string
  /** `origins` are those of as many devices as there are in a fleet; the first is `origin`. */
  readonly origins: ReadonlyArray<string>
  /** `ca` is the PEM text of the certificate that it presents. */
  readonly ca: string
  /** `appKey` is a key with which a GitHub app proves itself. */
  readonly appKey: string
}

export const domain = "e276abec-e0f2-11e3-8169-6d9ed49b625f"
export const hostsPath = `/api/fmc_config/v1/domain/${domain}/object/hosts`
/** `shortList` is a list of 25, what a GET without a limit shows of it. */
export const shortList = `${hostsPath}?expanded=true&limit=25&filter=short`
export const listLength = 100_000
export const pageLength = 1000

export const login = "/api/fmc_platform/v1/auth/generatetoken"
export const logout = "/api/fmc_platform/v1/auth/revokeaccess"
export const username = "bench"
export const password = "bench"
export const tokenHeader = "x-auth-access-token"
