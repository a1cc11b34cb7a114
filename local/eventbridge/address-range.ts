import { BlockList, isIP } from "node:net";
import { refusePattern } from "./invalid-pattern.ts";

const addressBits = { ipv4: 32, ipv6: 128 } as const;
type Family = keyof typeof addressBits;

/**
 * A test for addresses inside a CIDR block, IPv4 or IPv6. The reasons of refusal are the ones the real service gives
 * (captured from TestEventPattern, localstack tests/aws/services/events/test_events_patterns.snapshot.json).
 */
export function addressRange(cidr: string): (address: string) => boolean {
  const [network, mask, ...rest] = cidr.split("/");
  if (network === undefined || mask === undefined || rest.length > 0) refusePattern("Malformed CIDR, one '/' required");
  if (!/^\d+$/.test(mask)) refusePattern("Malformed CIDR, mask bits must be an integer");
  const family = familyOf(network) ?? refusePattern(`Nonstandard IP address: ${network}`);
  const bits = Number(mask);
  if (bits > addressBits[family]) refusePattern(`Malformed CIDR, mask bits must be at most ${addressBits[family]}`);
  const block = new BlockList();
  block.addSubnet(network, bits, family);
  return (address) => familyOf(address) === family && block.check(address, family);
}

function familyOf(address: string): Family | undefined {
  const version = isIP(address);
  if (version === 4) return "ipv4";
  return version === 6 ? "ipv6" : undefined;
}
