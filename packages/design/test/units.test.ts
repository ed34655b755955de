import { assert, describe, it } from "@effect/vitest"
import * as Suggestion from "@l2lab/design/Suggestion"
import * as Units from "@l2lab/design/Units"

describe("units", () => {
  it("rates are decimal bits a second", () => {
    assert.deepStrictEqual(
      ["100K", "10M", "1G", "2.5G", "10 G", "1T"].map(Units.rateBpsOf),
      [100e3, 10e6, 1e9, 2.5e9, 10e9, 1e12],
    )
  })

  it("sizes are binary octets", () => {
    assert.deepStrictEqual(
      ["512B", "64KiB", "1MiB", "1.5GiB", "1TiB"].map(Units.sizeOctetsOf),
      [512, 65_536, 1_048_576, 1_610_612_736, 1_099_511_627_776],
    )
  })

  it("times are integer nanoseconds", () => {
    assert.deepStrictEqual(
      ["500ns", "1us", "2ms", "20s", "5min", "1h", "0.5us", "0s"].map(Units.timeNsOf),
      [500, 1_000, 2_000_000, 20_000_000_000, 300_000_000_000, 3_600_000_000_000, 500, 0],
    )
  })

  it("shares are numbers or percentages", () => {
    assert.deepStrictEqual([0, 1, 0.001, "0.1%", "100%"].map(Units.ratioOf), [0, 1, 0.001, 0.001, 1])
  })

  const REFUSED: ReadonlyArray<readonly [Units.Reading, string]> = [
    [Units.rateBps("1g"), '"g" is not a unit of a rate: write 1G (units are K, M, G, T)'],
    [Units.rateBps("1Gbps"), '"Gbps" is not a unit of a rate: write 1G (units are K, M, G, T)'],
    [Units.rateBps("fast"), '"fast" is not a rate: write a number and a unit (K, M, G, T), like 1G'],
    [Units.rateBps("-1G"), '"-1G" is not a rate: write a number and a unit (K, M, G, T), like 1G'],
    [Units.rateBps("99T"), "a rate of 99T is out of range: rates are 1K to 10T"],
    [Units.rateBps("0G"), "a rate of 0G is out of range: rates are 1K to 10T"],
    [Units.sizeOctets("4GB"), '"GB" is not a unit of a size: write 4GiB (units are B, KiB, MiB, GiB, TiB)'],
    [Units.sizeOctets("9999999TiB"), "9999999TiB is out of range: sizes are below 8192TiB"],
    [Units.timeNs("5m"), '"m" is not a unit of a time: write 5min (units are ns, us, ms, s, min, h)'],
    [Units.timeNs("3 µs"), '"µs" is not a unit of a time: write 3us (units are ns, us, ms, s, min, h)'],
    [Units.timeNs("9999h"), "9999h is out of range: times are below 2500h"],
    [Units.timeNs(""), '"" is not a time: write a number and a unit (ns, us, ms, s, min, h), like 2ms'],
    [Units.rateBps("1000"), "1000 has no unit: write for instance 1000M or 1G (units are K, M, G, T)"],
    [Units.rateBps("100"), "100 has no unit: write for instance 100M (units are K, M, G, T)"],
    [Units.rateBps("1000000000"), "1000000000 has no unit: write for instance 1G (units are K, M, G, T)"],
    [Units.rateBps("0"), "0 has no unit: write for instance 1G (units are K, M, G, T)"],
    [Units.sizeOctets("64"), "64 has no unit: write for instance 64MiB (units are B, KiB, MiB, GiB, TiB)"],
    [Units.timeNs("5"), "5 has no unit: write for instance 5us or 5s (units are ns, us, ms, s, min, h)"],
    [Units.ratio(1.5), "1.5 is not a share: write a number from 0 to 1, or a percentage like 0.1%"],
    [Units.ratio("some"), '"some" is not a share: write a number from 0 to 1, or a percentage like 0.1%'],
  ]
  for (const [reading, sentence] of REFUSED) {
    it(sentence, () => {
      assert.deepStrictEqual(reading, { problem: sentence })
    })
  }

  it("rates for people", () => {
    assert.deepStrictEqual([10e6, 1e9, 2.5e9, 4e11].map(Units.formatRate), ["10M", "1G", "2.5G", "400G"])
  })
})

describe("suggestions", () => {
  it("distance counts insertions, deletions and substitutions", () => {
    assert.strictEqual(Suggestion.distance("kitten", "sitting"), 3)
    assert.strictEqual(Suggestion.distance("", "abc"), 3)
    assert.strictEqual(Suggestion.distance("ports", "ports"), 0)
  })

  it("finds the nearest, or nothing", () => {
    const keys = ["ports", "port", "spanningTree", "mac"]
    assert.strictEqual(Suggestion.nearest("prots", keys), "ports")
    assert.strictEqual(Suggestion.nearest("spanning_tree", keys), "spanningTree")
    assert.strictEqual(Suggestion.nearest("SPANINGTREE", keys), "spanningTree")
    assert.strictEqual(Suggestion.nearest("gateway", keys), undefined)
    assert.strictEqual(Suggestion.nearest("xy", ["ab"]), undefined)
  })
})
