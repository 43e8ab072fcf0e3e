// Before a program (`node --import`): tells the files that Node has compiled by its end, one a line, to whoever reads its
// fourth stream. The debugger of this very thread sees all of them, whether they were imported, required or loaded late.
import { writeSync } from "node:fs"
import { Session } from "node:inspector"
import process from "node:process"

const session = new Session()
session.connect()
const urls = []
session.on("Debugger.scriptParsed", ({ params }) => urls.push(params.url))
session.post("Debugger.enable")
process.on("exit", () => writeSync(3, urls.filter((url) => url !== import.meta.url).join("\n")))
