import { createHash } from "node:crypto"
import { type Html, html, textOf, trusted } from "./Html.ts"
import { pageScript } from "./PageScript.ts"
import { pageStyle } from "./PageStyle.ts"
import type { Tone } from "./Tone.ts"

/** `PageOptions` are what a page shows. */
export interface PageOptions {
  readonly title: string
  readonly headline: string
  readonly tone: Tone
  /** `about` are sentences below the headline. */
  readonly about: ReadonlyArray<string>
  readonly content: Html
}

/**
 * `page` is a document that loads nothing from anywhere, and runs no script but its own, which its Content-Security-Policy
 * knows by its hash.
 */
export const page = ({ about, content, headline, title, tone }: PageOptions): string =>
  textOf(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${trusted(pageStyle)}</style>
</head>
<body>
<header class="${tone}">
<h1>${headline}</h1>
${about.map((sentence) => html`<p>${sentence}</p>`)}
</header>
<main>${content}</main>
<script>${trusted(pageScript)}</script>
</body>
</html>
`)

const policy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${createHash("sha256").update(pageScript).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'"
].join("; ")
