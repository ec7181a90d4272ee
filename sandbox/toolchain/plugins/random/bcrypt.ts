import { randomBytes } from "node:crypto";

/** Words of Blowfish's state: 18 of the P array, then four S boxes of 256. */
const pWords = 18;
const sWords = 4 * 256;

/** Blowfish begins with the first binary digits of pi's fraction; computing them is shorter than their table. */
function piWords(): Uint32Array {
  const fractionBits = BigInt(32 * (pWords + sWords));
  const one = 1n << (fractionBits + 64n);
  const arctangentOfInverse = (x: bigint): bigint => {
    let term = one / x;
    let sum = term;
    for (let divisor = 3n, sign = -1n; term !== 0n; divisor += 2n, sign = -sign) {
      term /= x * x;
      sum += (sign * term) / divisor;
    }
    return sum;
  };
  const pi = (16n * arctangentOfInverse(5n) - 4n * arctangentOfInverse(239n)) >> 64n;
  const hex = (pi - (3n << fractionBits)).toString(16).padStart(8 * (pWords + sWords), "0");
  return Uint32Array.from({ length: pWords + sWords }, (_, index) =>
    Number.parseInt(hex.slice(8 * index, 8 * index + 8), 16),
  );
}

/** Reads bytes as big-endian words, round and round. */
function cyclicWords(bytes: Uint8Array): () => number {
  let at = 0;
  return () => {
    let word = 0;
    for (let index = 0; index < 4; index++) {
      word = (word << 8) | at8(bytes, at);
      at = (at + 1) % bytes.length;
    }
    return word >>> 0;
  };
}

function at8(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

class Blowfish {
  readonly #p: Uint32Array;
  readonly #s: Uint32Array;

  constructor(initial: Uint32Array) {
    this.#p = initial.slice(0, pWords);
    this.#s = initial.slice(pWords);
  }

  encrypt(left: number, right: number): [number, number] {
    let [l, r] = [left, right];
    for (let round = 0; round < 16; round += 2) {
      l ^= this.#word(this.#p, round);
      r ^= this.#mix(l);
      r ^= this.#word(this.#p, round + 1);
      l ^= this.#mix(r);
    }
    return [(r ^ this.#word(this.#p, 17)) >>> 0, (l ^ this.#word(this.#p, 16)) >>> 0];
  }

  /** One pass of the expensive key schedule; `salt` undefined: the plain one. */
  expand(key: Uint8Array, salt?: Uint8Array): void {
    const nextKey = cyclicWords(key);
    for (let index = 0; index < pWords; index++) {
      this.#p[index] = this.#word(this.#p, index) ^ nextKey();
    }
    const nextSalt = salt === undefined ? () => 0 : cyclicWords(salt);
    let [l, r] = [0, 0];
    for (const words of [this.#p, this.#s]) {
      for (let index = 0; index < words.length; index += 2) {
        [l, r] = this.encrypt(l ^ nextSalt(), r ^ nextSalt());
        words[index] = l;
        words[index + 1] = r;
      }
    }
  }

  #word(words: Uint32Array, index: number): number {
    return words[index] ?? 0;
  }

  #mix(x: number): number {
    const s = this.#s;
    const sum = this.#word(s, x >>> 24) + this.#word(s, 256 + ((x >>> 16) & 255));
    return ((sum ^ this.#word(s, 512 + ((x >>> 8) & 255))) + this.#word(s, 768 + (x & 255))) | 0;
  }
}

const alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const standardAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Base 64 with bcrypt's own alphabet, without padding. */
function encode(bytes: Uint8Array): string {
  const standard = Buffer.from(bytes).toString("base64").replaceAll("=", "");
  return Array.from(standard, (character) => alphabet.charAt(standardAlphabet.indexOf(character))).join("");
}

/**
 * The bcrypt hash (`$2a$`) of the first 72 bytes of a text, as the vendor's plugin gives it. node:crypto has no bcrypt.
 *
 * @param cost logarithm of the number of rounds; the vendor's is 10
 */
export function bcrypt(text: string, cost = 10, salt: Uint8Array = randomBytes(16)): string {
  const key = Buffer.from(`${text}\0`).subarray(0, 72);
  const blowfish = new Blowfish(piWords());
  blowfish.expand(key, salt);
  for (let round = 0; round < 2 ** cost; round++) {
    blowfish.expand(key);
    blowfish.expand(salt);
  }
  const magic = Buffer.from("OrpheanBeholderScryDoubt");
  const output = Buffer.alloc(24);
  for (let block = 0; block < 24; block += 8) {
    let [l, r] = [magic.readUInt32BE(block), magic.readUInt32BE(block + 4)];
    for (let pass = 0; pass < 64; pass++) {
      [l, r] = blowfish.encrypt(l, r);
    }
    output.writeUInt32BE(l, block);
    output.writeUInt32BE(r, block + 4);
  }
  return `$2a$${String(cost).padStart(2, "0")}$${encode(salt)}${encode(output.subarray(0, 23))}`;
}
