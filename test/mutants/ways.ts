import type { Mutant } from "./mutants.ts"

const handshake = "src/transport/tls/Handshake.ts"
const outgoing = "src/transport/http/Request.ts"
const sending = "src/transport/SendOptions.ts"
const target = "src/transport/Target.ts"
const dial = "src/transport/tls/Connect.ts"
const attempt = "src/transport/Attempt.ts"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "trusts no authority but a root",
    file: "src/transport/tls/SecureContexts.ts",
    from: "allowPartialTrustChain: true",
    to: "allowPartialTrustChain: false",
    tests: ["transport/tls/TrustMatrix.test.ts: signed by an intermediate that alone is trusted"]
  },
  {
    name: "judges a certificate by what it was at an earlier connection",
    file: "src/transport/tls/TrustVerdict.ts",
    from: "Buffer.compare(before.der, der) === 0",
    to: "before.der.length > 0",
    tests: ["transport/tls/Again.test.ts: that has another certificate"]
  },
  {
    name: "does not know a device whose TLS is too old",
    file: handshake,
    from: "/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/",
    to: "/NO_SUCH_CODE/",
    tests: ["transport/tls/TrustMatrix.test.ts: as ProtocolVersion when it speaks nothing from TLS 1.2 on"]
  },
  {
    name: "does not hear of a proxy in the environment",
    file: target,
    from: `omit("url", "trust", "connect")`,
    to: `omit("url", "trust", "connect", "proxy")`,
    tests: ["transport/Proxy.test.ts: is that of PREFIX_PROXY"]
  },
  {
    name: "does not say that a proxy is set for other programs alone",
    file: dial,
    from: "const ignored = ignoredProxy()",
    to: "const ignored = [ignoredProxy()].at(1)",
    tests: ["transport/Proxy.test.ts: that is set for other programs alone"]
  },
  {
    name: "tries an account again that a proxy has refused",
    file: attempt,
    from: "&& ![403, 407].includes(error.proxy?.status ?? 0)",
    to: "",
    tests: ["transport/Proxy.test.ts: a wrong account is not tried again"]
  },
  {
    name: "does not say who the client is",
    file: outgoing,
    from: `new Map([["user-agent", target.userAgent]])`,
    to: "new Map<string, string>()",
    tests: [
      "auth/sending.test.ts: says the library, its version and the runtime in every request, logins and logouts too"
    ]
  },
  {
    name: "shows a decoration the headers with which a login goes out",
    file: sending,
    from: "return shown === undefined\n    ? blank",
    to: "return shown === undefined\n    ? HttpClientRequest.setHeaders(blank, request.headers)",
    tests: ["auth/sending.test.ts: sees logins, requests, refreshes and logouts as often as they go out"]
  },
  {
    name: "sends a request as often as a decoration executes it",
    file: sending,
    from: "if (wasSent) return Deferred.await(outcome)",
    to: "",
    tests: ["auth/sending.test.ts: that breaks, hangs or executes twice changes nothing that goes out"]
  },
  {
    name: "writes the query of a request into the log",
    file: outgoing,
    from: "pathname: url.pathname,",
    to: `pathname: \`\${url.pathname}\${url.search}\`,`,
    tests: ["auth/sending.test.ts: has a line for each request, logins and logouts too, and no secret"]
  },
  {
    name: "takes a page for all of a list that counts nothing",
    file: "src/client/rest/Pages.ts",
    from: "items.length >= Number(at.query.limit)",
    to: "items.length < 0",
    tests: ["plugins/oddFields.test.ts: goes on behind each page that is full"]
  },
  {
    name: "takes words for all that was said where a message beside them has none",
    file: "plugins/fmc/ErrorMessages.ts",
    from: "messagesOf(reply).length === 1",
    to: "errorMessages(reply).length === 1",
    tests: ["plugins/oddFields.test.ts: of a write that has a message beside 'try again'"]
  },
  {
    name: "looks for no deployment that was answered with nothing",
    file: "plugins/fdm/Deploy.ts",
    from: `ReadBack.inShape(Job, { targetName, operation: \`POST \${path}\` })`,
    to: "(answer) => Effect.succeed(answer as Job)",
    tests: ["plugins/oddFields.test.ts: whose request was answered with nothing is found"]
  },
  {
    name: "takes an error for a list of domains with none in it",
    file: "plugins/fmc/domain/DomainList.ts",
    from: "StatusError.isError(json) ?",
    to: "json === null ?",
    tests: ["client/ErrorAnswered.test.ts: in the place of the domains of an FMC"]
  },
  {
    name: "takes an error with status 200 for a change that was made",
    file: "src/client/rest/Rest.ts",
    from: "if (ErrorEnvelope.isError(body))",
    to: "if (ErrorEnvelope.isError(reply))",
    tests: ["client/ErrorAnswered.test.ts: to a change is not taken for done, and says that it may be"]
  },
  {
    name: "takes an error with status 200 for a logout",
    file: "src/transport/StatusError.ts",
    from: "Reply.isOk(reply) && isError(json)",
    to: "!Reply.isOk(reply) && isError(json)",
    tests: ["client/ErrorAnswered.test.ts: is told with its words"]
  },
  {
    name: "keeps an error of the device as the file that was asked for",
    file: "src/client/files/FileTransfer.ts",
    from: "return ErrorEnvelope.isError(Reply.json(reply))",
    to: "return ErrorEnvelope.isError(reply)",
    tests: ["client/ErrorAnswered.test.ts: in the place of a file is told, and no file is left"]
  },
  {
    name: "blames the device for a certificate that may be a proxy's",
    file: "src/transport/tls/Handshake.ts",
    from: "minTlsVersion: to.minTlsVersion }),\n          ...Proxy.named(to)",
    to: "minTlsVersion: to.minTlsVersion })",
    tests: ["transport/Proxy.test.ts: or shows a certificate of its own, is named"]
  },
  {
    name: "blames the device for an answer that a proxy may have lost",
    file: "src/transport/LostAnswer.ts",
    from: 'sent: "maybe", ...Proxy.named(to) })',
    to: 'sent: "maybe" })',
    tests: ["transport/Proxy.test.ts: is lost is named, to reads and to writes"]
  },
  {
    name: "says of a read that it may have been carried out",
    file: "src/transport/DeviceUnreachable.ts",
    from: "isChange = false, phase",
    to: "isChange = true, phase",
    tests: [
      "transport/Proxy.test.ts: is lost is named, to reads and to writes",
      "errors.test.ts: tells the truth of"
    ]
  },
  {
    name: "reads the UTF-8 of a header as ISO 8859-1",
    file: "plugins/fmc/domain/DomainList.ts",
    from: "parse(unicode(header))",
    to: "parse(header)",
    tests: ["plugins/fmc/OddAnswers.test.ts: names its domains as they are called"]
  }
]
