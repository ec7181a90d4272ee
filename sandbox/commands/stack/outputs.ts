import { z } from "zod";
import { table } from "../table.ts";

const layerSchema = z.object({
  domain: z.string().optional(),
  caCertificate: z.string().optional(),
  software: z.record(z.string(), z.string()).optional(),
  urls: z.record(z.string(), z.string()).optional(),
});
const outputsSchema = z.record(z.string(), z.unknown());

/**
 * A table of the platform's software and URLs, with a command for each. It contains no secret.
 *
 * @param outputs - the stack's outputs in JSON, with secrets hidden
 */
export function overview(outputs: string): string {
  const rows: string[][] = [];
  for (const [layer, value] of Object.entries(outputsSchema.parse(JSON.parse(outputs)))) {
    const parsed = layerSchema.safeParse(value);
    if (!parsed.success) {
      continue;
    }
    for (const [name, version] of Object.entries(parsed.data.software ?? {})) {
      rows.push([layer, `${name} ${version}`, "", "make pulumi ARGS='stack output --json'"]);
    }
    for (const [name, url] of Object.entries(parsed.data.urls ?? {})) {
      rows.push([layer, name, url, `curl --cacert ca.pem ${url}`]);
    }
  }
  return table(["layer", "what runs", "URL", "how"], rows);
}

/** What to do after `up`. */
export const nextSteps = `
Next:
  make status                                   what runs, and what is not ready
  node_modules/.bin/node sandbox/main.ts ssh    open a shell on the machine
  make pulumi ARGS='stack output foundation --show-secrets --json' | jq -r .caCertificate > ca.pem
                                                the internal CA, for curl and your browser
  https://auth.bibind.test/registration         register an account; then sign in to https://vault.bibind.test with OIDC
  http://mail.bibind.test:8025/view/latest.txt  the latest mail from the platform, with the verification code
  make down                                     stop the machine; keep the data
`;
