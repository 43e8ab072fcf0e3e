import * as Main from "sallyport/Main"
import * as Sandbox from "sallyport/sandbox"
Main.run(Sandbox.command(process.argv.slice(2)))
