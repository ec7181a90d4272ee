import { connect } from "node:net";

/** The length of a packet and of its padding precede the payload (RFC 4253, section 6). */
const headerBytes = 5;
/** In the payload, the message number and a random cookie precede the lists (section 7.1). */
const cookieBytes = 17;

/** Names of the lists of SSH_MSG_KEXINIT, in their order. */
const lists = ["kex", "hostKey", "cipherIn", "cipherOut", "macIn", "macOut"] as const;
export type SshOffer = Readonly<Record<(typeof lists)[number], readonly string[]>>;

function parsed(packet: Buffer): SshOffer {
  let offset = headerBytes + cookieBytes;
  const entries = lists.map((name) => {
    const length = packet.readUInt32BE(offset);
    const text = packet.toString("ascii", offset + 4, offset + 4 + length);
    offset += 4 + length;
    return [name, text.split(",")] as const;
  });
  const found = new Map(entries);
  const of = (name: (typeof lists)[number]): readonly string[] => found.get(name) ?? [];
  return {
    kex: of("kex"),
    hostKey: of("hostKey"),
    cipherIn: of("cipherIn"),
    cipherOut: of("cipherOut"),
    macIn: of("macIn"),
    macOut: of("macOut"),
  };
}

/** The algorithms that an SSH server offers to a client that has not signed in. */
export function sshOffer(host: string): Promise<SshOffer> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const socket = connect({ host, port: 22, timeout: 10_000 }, () => socket.write("SSH-2.0-attack\r\n"));
    socket.on("error", reject);
    socket.on("timeout", () => socket.destroy(new Error(`${host} did not answer within 10 s`)));
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const banner = received.indexOf("\n") + 1;
      const packet = received.subarray(banner);
      if (banner > 0 && packet.length >= headerBytes && packet.length >= packet.readUInt32BE(0) + 4) {
        socket.destroy();
        resolve(parsed(packet));
      }
    });
  });
}
