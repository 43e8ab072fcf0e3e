/** `addTo` puts one more to those that stand at a key. */
export const addTo = <K, A>(groups: Map<K, Array<A>>, key: K, one: A): void => {
  const known = groups.get(key)
  if (known === undefined) groups.set(key, [one])
  else known.push(one)
}
