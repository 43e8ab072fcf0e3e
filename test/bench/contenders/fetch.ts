import { byPromises, type Contender } from "../Contender.ts"
import { hostsPath, login, logout, pageLength, password, shortList, tokenHeader, username } from "../Facts.ts"

interface Page {
  readonly items: ReadonlyArray<unknown>
  readonly paging: { readonly next?: ReadonlyArray<string> }
}

/** `plainFetch` is the runtime's own, with the token in a header: what a script does that uses nothing. */
export const plainFetch: Contender = {
  name: "plain fetch",
  open: async ({ origin }) => {
    const opened = await fetch(`${origin}${login}`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${username}:${password}`)}` }
    })
    const headers = { [tokenHeader]: opened.headers.get(tokenHeader) ?? "" }
    const ask = async (path: string): Promise<Page> => {
      const response = await fetch(`${origin}${path}`, { headers })
      if (!response.ok) throw new Error(`status ${response.status}`)
      return (await response.json()) as Page
    }
    return {
      requests: byPromises(() => ask(shortList)),
      list: async () => {
        let count = 0
        let path: string | undefined = `${hostsPath}?expanded=true&limit=${pageLength}`
        while (path !== undefined) {
          const { items, paging }: Page = await ask(path)
          for (const _ of items) count++
          const next: string | undefined = paging.next?.[0]
          path = next === undefined ? undefined : `${hostsPath}${new URL(next).search}`
        }
        return count
      },
      close: async () => {
        await fetch(`${origin}${logout}`, { method: "POST", headers })
      }
    }
  }
}
