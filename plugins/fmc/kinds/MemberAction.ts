/** `MemberAction` is what a request does with some members, by its parameter `action`; all others stay. */
export type MemberAction = "add" | "remove"

/** `opposite` is what takes it back. */
export const opposite: Readonly<Record<MemberAction, MemberAction>> = { add: "remove", remove: "add" }
