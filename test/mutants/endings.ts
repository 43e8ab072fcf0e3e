import type { Mutant } from "./mutants.ts"

const under = "src/transport/tls/TruncationGuard.ts"
const reader = "src/transport/http/ResponseReader.ts"
const files = "src/client/files/PartialFile.ts"
const brokenPipe = "src/process/BrokenPipe.ts"
const exchange = "src/transport/http/Exchange.ts"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "takes a connection that was cut for one that was ended",
    file: under,
    from: "if (cut) duplex.push(unsealed)",
    to: "",
    tests: [
      "transport/http/Endings.test.ts: is lost: one",
      "transport/http/Endings.test.ts: has an unknown outcome, and is not sent again"
    ]
  },
  {
    name: "takes any end of a connection for the end of its answer",
    file: reader,
    from: `phase === "untilEnd" ? whole() : more)`,
    to: `phase === "head" ? more : whole())`,
    tests: ["transport/http/Endings.test.ts: is lost all the same: one"]
  },
  {
    name: "leaves what came of a file that did not come whole",
    file: files,
    from: "await rm(temporary, { force: true }).catch(nothing)",
    to: "",
    tests: ["plugins/fdm/transfers.test.ts: fails, and leaves nothing"]
  },
  {
    name: "keeps a file whose checksum is another",
    file: "src/client/files/Checksum.ts",
    from: `digest("base64") !== digest`,
    to: `digest("base64") === ""`,
    tests: ["plugins/fdm/transfers.test.ts: is held to the checksum that the device tells"]
  },
  {
    name: "lets others read a file that it downloads",
    file: files,
    from: "mode = 0o600",
    to: "mode = 0o644",
    tests: ["plugins/fdm/transfers.test.ts: is there whole, for its owner alone, with its length and SHA-256"]
  },
  {
    name: "reads on from a device while the disk is slow",
    file: exchange,
    from: "full: () => socket.pause(),",
    to: "full: () => undefined,",
    tests: ["plugins/fdm/transfers.test.ts: does not hold it in memory"]
  },
  {
    name: "reads the extension of a chunk without a bound",
    file: reader,
    from: "if (total > 16) extensionsLeft -= Math.min(bytes, total - 16)",
    to: "",
    tests: ["fuzz/bounds.test.ts: is cut off before it fills memory"]
  },
  {
    name: "goes on with a listing that nobody reads any more",
    file: brokenPipe,
    from: `error.code === "EPIPE"`,
    to: `error.code === "EOTHER"`,
    tests: [
      "auth/signals.test.ts: ends early, logged out",
      "promises/Promises.test.ts: ends early and quietly, logged out"
    ]
  },
  {
    name: "loses what it prints to a full disk without a word",
    file: "src/process/ExitHandling.ts",
    from: "else LostOutput.note(stream, error)",
    to: "",
    tests: [
      "process/lostOutput.test.ts: exits by what it has done when it prints",
      "process/lostOutput.test.ts: a session is logged out, and without Main, too",
      "process/lostOutput.test.ts: a workflow is carried out all the same"
    ]
  },
  {
    name: "takes a file to hold what it holds a part of",
    file: "src/process/LostOutput.ts",
    from: "isNode && isFile(stream) ?",
    to: "isNode && !isFile(stream) ?",
    tests: ["process/lostOutput.test.ts: a file that takes but a part of what is printed is told"]
  },
  {
    name: "sends each write on what the device may be about to close",
    file: "src/transport/http/Connections.ts",
    from: `errand !== "auth" && !closesUnasked`,
    to: `errand !== "auth"`,
    tests: [
      "transport/http/Connections.test.ts: has closed without a word is one that writes no longer share"
    ]
  },
  {
    name: "does not learn from a request that was lost that the device closes without a word",
    file: "src/transport/http/Connections.ts",
    from: "          closesUnasked = true\n          if (entry",
    to: "          if (entry",
    tests: ["transport/http/Connections.test.ts: closes each behind its answer costs a session one write"]
  },
  {
    name: "sends each read on what the device is about to close",
    file: "src/transport/http/Connections.ts",
    from: `errand === "read" ? lostInARow < 2`,
    to: `errand === "read" ? true`,
    tests: ["transport/http/Connections.test.ts: closes each behind its answer costs a session two reads"]
  },
  {
    name: "takes requests that were lost together for lost one after another",
    file: "src/transport/http/Connections.ts",
    from: "if (entry.connection.lostBefore === lost) lostInARow++",
    to: "lostInARow++",
    tests: ["transport/http/Connections.test.ts: is used again by reads where several are lost at once"]
  },
  {
    name: "takes a list for whole whose next page is named oddly",
    file: "src/client/rest/Pages.ts",
    from: "return query !== undefined && offsetIn(query) === undefined",
    to: "return query === null",
    tests: [
      "plugins/oddFields.test.ts: goes on where the next page is named",
      "plugins/oddFields.test.ts: is not taken for whole where it goes on"
    ]
  },
  {
    name: "refuses a length that is said twice alike",
    file: "src/transport/http/ResponseHead.ts",
    from: "others.every((other) => other === first)",
    to: "others.length === 0",
    tests: ["transport/http/Answers.test.ts: is read:"]
  },
  {
    name: "takes one of two lengths that differ",
    file: "src/transport/http/ResponseHead.ts",
    from: "others.every((other) => other === first)",
    to: "others.length >= 0",
    tests: ["transport/http/Answers.test.ts: is a typed error"]
  },
  {
    name: "refuses a header that goes on in the next line",
    file: "src/transport/http/ResponseHead.ts",
    from: "isFolded(line) && whole.length > 0",
    to: "isFolded(line) && whole.length < 0",
    tests: ["transport/http/Answers.test.ts: is read:"]
  },
  {
    name: "tells no words of an error that a gateway has made",
    file: "src/client/rest/StatusFilter.ts",
    from: "ForeignWords.wordsOf(reply, secrets)",
    to: "[]",
    tests: ["plugins/oddFields.test.ts: of another form, as gateways and other versions have them"]
  },
  {
    name: "tells a body that is a text in JSON",
    file: "src/transport/ForeignWords.ts",
    from: ".filter(Predicate.isReadonlyRecord)",
    to: "",
    tests: ["plugins/oddFields.test.ts: is told without words, and never by its body"]
  }
]
