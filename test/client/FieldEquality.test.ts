// What is the same to a device: each field's own notion of it. Equal values write nothing, others always do.
import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import { Collection } from "sallyport"

const octet = fc.integer({ min: 0, max: 255 })
const ipv4 = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join("."))
const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
  minLength: 8,
  maxLength: 8
})

/** Spellings of one IPv6 address: case, leading zeros, a run of zeros left out, its end as IPv4. */
const ipv6 = (groups: ReadonlyArray<number>) =>
  fc
    .record({ upper: fc.boolean(), padded: fc.boolean(), short: fc.boolean(), embedded: fc.boolean() })
    .map(({ embedded, padded, short, upper }) => {
      const hex = groups.map((group) => group.toString(16).padStart(padded ? 4 : 1, "0"))
      const [high = 0, low = 0] = groups.slice(6)
      const end = embedded ? [[high >> 8, high & 255, low >> 8, low & 255].join(".")] : hex.slice(6)
      const parts = [...hex.slice(0, 6), ...end]
      const from = short ? groups.slice(0, 6).indexOf(0) : -1
      let to = from
      while (from >= 0 && to < 6 && groups[to] === 0) to += 1
      const text =
        from < 0 ? parts.join(":") : `${parts.slice(0, from).join(":")}::${parts.slice(to).join(":")}`
      return upper ? text.toUpperCase() : text
    })

/** A value, and two spellings of it. */
const twoSpellings = <A>(values: fc.Arbitrary<A>, spellings: (value: A) => fc.Arbitrary<string>) =>
  values.chain((value) => fc.tuple(spellings(value), spellings(value)))

const spaced = (text: string) => fc.constantFrom("", " ", "  ").map((space) => `${space}${text}${space}`)
const maskOf = (length: number) =>
  [0, 8, 16, 24].map((from) => 256 - 2 ** (8 - Math.min(8, Math.max(0, length - from)))).join(".")

const hostSpellings = (address: string) => fc.constantFrom(address, `${address}/32`, ` ${address}`)
const networkSpellings = ([address, length]: readonly [string, number]) =>
  fc.constantFrom(
    `${address}/${length}`,
    `${address}/${maskOf(length)}`,
    ` ${address}/${length} `,
    `${address} / ${length}`
  )
const anyCase = (text: string) => fc.constantFrom(text, text.toUpperCase(), text.toLowerCase())
const dnsName = fc.domain()
const ports = fc.tuple(fc.integer({ min: 1, max: 65_535 }), fc.integer({ min: 1, max: 65_535 }))

const kinds: ReadonlyArray<readonly [name: string, pairs: fc.Arbitrary<readonly [unknown, unknown]>]> = [
  ["a host", pairOf("Host", twoSpellings(ipv4, hostSpellings))],
  [
    "a network",
    pairOf("Network", twoSpellings(fc.tuple(ipv4, fc.integer({ min: 0, max: 32 })), networkSpellings))
  ],
  ["an IPv6 host", pairOf("Host", twoSpellings(groups, ipv6))],
  [
    "an IPv6 network",
    pairOf(
      "Network",
      twoSpellings(fc.tuple(groups, fc.integer({ min: 0, max: 128 })), ([all, length]) =>
        ipv6(all).map((text) => `${text}/${length}`)
      )
    )
  ],
  [
    "a range",
    pairOf(
      "Range",
      twoSpellings(ipv4, (first) => fc.tuple(spaced("-")).map(([dash]) => `${first}${dash}255.255.255.255`))
    )
  ],
  [
    "a name of DNS",
    pairOf(
      "FQDN",
      twoSpellings(dnsName, (name) =>
        fc.tuple(anyCase(name), fc.constantFrom("", ".")).map((two) => two.join(""))
      )
    )
  ],
  [
    "a port",
    twoSpellings(ports, ([one, other]) => {
      const [first, last] = [Math.min(one, other), Math.max(one, other)]
      return fc.constantFrom(`${first}-${last}`, `${first} - ${last}`, ` ${first}-${last}`)
    }).map(([one, other]) => [{ port: one }, { port: other }])
  ],
  [
    "a name",
    twoSpellings(
      fc.string({ minLength: 1, unit: "grapheme-ascii" }).filter((name) => name.trim() !== ""),
      (name) => anyCase(name).chain(spaced)
    ).map(([one, other]) => [{ name: one }, { name: other }])
  ]
]

describe("equal values", () => {
  it.each(kinds)("of %s are the same in any spelling, on both sides", (_, pairs) => {
    fc.assert(
      fc.property(pairs, ([one, other]) => {
        expect(Collection.containsAll(one, other)).toBe(true)
        expect(Collection.containsAll(other, one)).toBe(true)
        // In a list of members too, whatever their order.
        expect(
          Collection.containsAll({ literals: [one, { id: "1" }] }, { literals: [{ id: "1" }, other] })
        ).toBe(true)
      }),
      { numRuns: 60 }
    )
  })

  it.each([
    ["a mask of Cisco's own example", { value: "166.1.1.0/255.255.255.0" }, { value: "166.1.1.0/24" }],
    ["a port as number", { port: 443 }, { port: "443" }],
    ["a range of one port", { port: "443" }, { port: "443-443" }],
    ["a protocol by its number", { protocol: "6" }, { protocol: "TCP" }],
    ["a protocol in any case", { protocol: "tcp" }, { protocol: "TCP" }],
    ["a type in any case", { type: "networkobject" }, { type: "NetworkObject" }],
    ["a type by its model's name", { type: "networkobject" }, { type: "Network" }],
    [
      "a literal without its type",
      { literals: [{ value: "WWW.Example.com." }] },
      { literals: [{ type: "FQDN", value: "www.example.com" }] }
    ],
    ["what early versions call a range", { subType: "RANGE" }, { subType: "IPRANGE" }],
    ["a switch as text", { overridable: "True" }, { overridable: true }],
    ["a switch that is off and left out", { overridable: false }, {}],
    ["a word of a few in any case", { interfaceMode: "routed" }, { interfaceMode: "ROUTED" }],
    ["a protocol by a rarer number", { protocol: "88" }, { protocol: "EIGRP" }],
    ["a MAC address", { macAddress: "00:AA:BB:CC:DD:EE" }, { macAddress: "00aa.bbcc.ddee" }],
    ["line ends of a text", { description: "a\r\nb" }, { description: "a\nb" }],
    ["an accent", { name: "e\u0301", description: "e\u0301" }, { name: "\u00e9", description: "\u00e9" }],
    ["a list that is null", { objects: null }, { objects: [] }],
    [
      "a comment that a rule has in its history",
      { newComments: ["CHG-1"] },
      { commentHistoryList: [{ comment: "CHG-1" }] }
    ],
    [
      "categories of URLs in another order",
      {
        urlCategoriesWithReputation: [
          { category: { id: "2" }, reputation: "TRUSTED" },
          { category: { id: "1" }, reputation: "any" }
        ]
      },
      {
        urlCategoriesWithReputation: [
          { category: { id: "1", name: "a" }, reputation: "ANY" },
          { category: { id: "2", name: "b" }, reputation: "TRUSTED" }
        ]
      }
    ],
    [
      "members without an id that are named twice",
      { literals: [{ port: "80" }, { port: "443" }, { port: "80-80" }] },
      { literals: [{ port: "443" }, { port: "80" }] }
    ],
    ["a mask as its length", { netmask: "24" }, { netmask: "255.255.255.0" }],
    [
      "a reference of an old name",
      { device: { id: "1", name: "old" } },
      { device: { id: "1", name: "new" } }
    ],
    [
      "a whole object where the device keeps a reference to it",
      { objects: [{ id: "1", name: "a", type: "Host", value: "10.0.0.1" }] },
      { objects: [{ id: "1", name: "a", type: "Host" }] }
    ],
    [
      "members of one object given by name, in another order",
      { objects: [{ name: "B" }, { name: "a" }] },
      {
        objects: [
          { id: "1", name: "A" },
          { id: "2", name: "b" }
        ]
      }
    ],
    [
      "literals that are known by nothing but themselves",
      {
        literals: [
          { port: "80", protocol: "6" },
          { port: "443", protocol: "6" }
        ]
      },
      {
        literals: [
          { port: "443", protocol: "TCP", type: "PortLiteral" },
          { port: "80", protocol: "TCP" }
        ]
      }
    ]
  ])("such as %s", (_, wanted, there) => {
    expect(Collection.containsAll(wanted, there)).toBe(true)
  })
})

describe("different values", () => {
  it("of addresses are never the same", () => {
    fc.assert(
      fc.property(
        fc.tuple(ipv4, fc.integer({ min: 0, max: 32 })),
        fc.tuple(ipv4, fc.integer({ min: 0, max: 32 })),
        fc.boolean(),
        (one, others, isOneAddress) => {
          // By chance two addresses are hardly ever the same.
          const other = [isOneAddress ? one[0] : others[0], others[1]] as const
          fc.pre(one[0] !== other[0] || one[1] !== other[1])
          const [spelled, elsewhere] = [one, other].map(([address, length]) => ({
            value: `${address}/${maskOf(length)}`
          }))
          expect(Collection.containsAll(spelled, elsewhere)).toBe(false)
        }
      )
    )
  })

  it("of IPv6 are never the same", () => {
    fc.assert(
      fc.property(groups, groups, fc.boolean(), (one, other, mixed) => {
        fc.pre(one.join() !== other.join())
        const [spelled, elsewhere] = [one, other].map((all) => ({
          value: all.map((group) => group.toString(16)).join(":")
        }))
        expect(
          Collection.containsAll(
            mixed ? [spelled, elsewhere] : spelled,
            mixed ? [spelled, spelled] : elsewhere
          )
        ).toBe(false)
      })
    )
  })

  it("of any text that is no address are never the same but for outer white space", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        const [first, second] = [one, other].map((text) => text.trim().replace(/\r\n?/g, "\n"))
        fc.pre(first?.normalize() !== second?.normalize())
        expect(Collection.containsAll({ description: one }, { description: other })).toBe(false)
      })
    )
  })

  it.each([
    [
      "another type of literal",
      { literals: [{ type: "Host", value: "10.0.0.1" }] },
      { literals: [{ type: "Network", value: "10.0.0.1/32" }] }
    ],
    ["bits of the host", { value: "10.0.0.5/8" }, { value: "10.0.0.0/8" }],
    ["an address of the other version", { value: "::ffff:10.0.0.1" }, { value: "10.0.0.1" }],
    ["a mask with holes", { value: "10.0.0.0/255.0.255.0" }, { value: "10.0.0.0/8" }],
    ["an address in a text for people", { description: "2001:db8::1" }, { description: "2001:DB8::1" }],
    [
      "the case of a value that is no address",
      { type: "Custom", value: "aB" },
      { type: "Custom", value: "ab" }
    ],
    [
      "a reference to another object of that name",
      { device: { id: "1", name: "a" } },
      { device: { id: "2", name: "a" } }
    ],
    ["a member by another name", { objects: [{ name: "a" }] }, { objects: [{ id: "1", name: "b" }] }],
    [
      "a member without an id that is not wanted",
      { literals: [{ port: "80" }, { port: "80" }] },
      { literals: [{ port: "80" }, { port: "443" }] }
    ],
    ["another port", { port: "443" }, { port: "443-444" }],
    ["another protocol", { protocol: "TCP" }, { protocol: "17" }]
  ])("such as %s", (_, wanted, there) => {
    expect(Collection.containsAll(wanted, there)).toBe(false)
    expect(Collection.containsAll(there, wanted)).toBe(false)
  })
})

function pairOf(type: string, pairs: fc.Arbitrary<readonly [string, string]>) {
  return pairs.map(
    ([one, other]) =>
      [
        { type, value: one },
        { type, value: other }
      ] as const
  )
}
