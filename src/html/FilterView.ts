import { type Html, html } from "./Html.ts"

/**
 * `filterView` looks for items of a page, by words and by state: `what` they are, and the state of each. Few need none. It
 * is shown by the page's script, without which it does nothing.
 */
export const filterView = (what: string, states: ReadonlyArray<string>): Html | undefined =>
  states.length <= fewItems
    ? undefined
    : html`<search hidden data-filter>
<label>Find in ${what} <input type="search" data-words autocomplete="off"></label>
<fieldset><legend>Show</legend>${[...new Set(states)].map(
        (state) => html`<label><input type="checkbox" value="${state}" checked> ${state}</label> `
      )}</fieldset>
<output data-count data-what="${what}"></output>
</search>`

const fewItems = 8
