import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http"
import { Agent, request } from "node:https"
import { atOnce, byPromises, type Contender } from "../Contender.ts"
import { login, logout, password, shortList, tokenHeader, username } from "../Facts.ts"

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

const send = (url: string, method: string, agent: Agent, headers: OutgoingHttpHeaders): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers }, (response) => {
      const chunks: Array<Buffer> = []
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.on("error", reject)
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8")
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
      })
    })
    sent.on("error", reject)
    sent.end()
  })

const open = async (origin: string, ca: string) => {
  const agent = new Agent({ keepAlive: true, ca })
  const basic = `Basic ${btoa(`${username}:${password}`)}`
  const opened = await send(`${origin}${login}`, "POST", agent, { authorization: basic })
  const headers = { [tokenHeader]: String(opened.headers[tokenHeader]) }
  return {
    get: async () => {
      const { status, text } = await send(`${origin}${shortList}`, "GET", agent, headers)
      if (status !== 200) throw new Error(`status ${status}`)
      return JSON.parse(text)
    },
    close: async () => {
      await send(`${origin}${logout}`, "POST", agent, headers)
      agent.destroy()
    }
  }
}

/** `nodeHttps` is `node:https` with an agent that keeps connections: what is below Sallyport, too, but for its checks. */
export const nodeHttps: Contender = {
  name: "node:https with an agent",
  open: async ({ ca, origin, origins }) => {
    const { close, get } = await open(origin, ca)
    return {
      requests: byPromises(get),
      fleet: async (width) => {
        const left = [...origins]
        await atOnce(width, async () => {
          for (let next = left.pop(); next !== undefined; next = left.pop()) {
            const device = await open(next, ca)
            for (let list = 0; list < 5; list++) await device.get()
            await device.close()
          }
        })
      },
      close
    }
  }
}
