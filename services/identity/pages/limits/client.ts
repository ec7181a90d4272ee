import { isIPv6 } from "node:net";

/** Groups of an IPv6 address that name a network: /64, which one household or machine has. */
const networkGroups = 4;

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): string[] {
  // The parser of URLs writes each address in one form (RFC 5952), an IPv4 address at its end too.
  const text = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = [], tail = []] = text.split("::").map((part) => part.split(":").filter((group) => group !== ""));
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => "0"), ...tail];
}

/** An IPv4 address inside of an IPv6 one (`::ffff:a.b.c.d`); undefined for another address. */
const mappedIpv4 = (address: string): string | undefined => /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];

/** What tries of a client are counted by: its IPv4 address, or the network of its IPv6 address. */
export function clientOf(address: string): string {
  const [plain = ""] = address.split("%");
  if (!isIPv6(plain)) {
    return plain;
  }
  return mappedIpv4(plain) ?? `${groupsOf(plain).slice(0, networkGroups).join(":")}::/64`;
}
