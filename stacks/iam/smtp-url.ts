import { isHostAddress } from "../settings/values.ts";

/** A URL whose credential may contain any character. A credential ends at the last `@`. */
const urlParts = /^smtps?:\/\/((?<credential>.*)@)?(?<server>[^@]*)$/s;

/** A URL with nothing secret in it. */
export const urlWithoutCredential = /^smtps?:\/\/[^@]*$/;

const serverParts = /^(?<host>[^:/?#]*)(:(?<port>[^/?#]*))?(?<path>[^?]*)(\?(?<query>.*))?$/s;

/** The characters that Go's net/url accepts in a credential. */
const encoded = /^([\w\-.~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})*$/;

/** The values that Go's strconv.ParseBool reads. Kratos takes any other value for false. */
const boolean = /^([01tTfF]|true|TRUE|True|false|FALSE|False)$/;

const parameterForms: ReadonlyMap<string, RegExp> = new Map([
  ["skip_ssl_verify", boolean],
  ["disable_starttls", boolean],
  ["server_name", /^[\w.-]+$/],
]);

function faultOfCredential(credential: string): string | undefined {
  if (!encoded.test(credential)) {
    return "user or password has a character that must be percent-encoded: # is %23, / is %2F, ? is %3F, % is %25";
  }
  return /^[^:]/.test(credential) ? undefined : "it has no user before the password or the @";
}

function faultOfServer(host: string, port: string, path: string): string | undefined {
  if (!isHostAddress(host.toLowerCase())) {
    return "the host is missing, or is neither an IPv4 address nor an ASCII host name";
  }
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65535) {
    return "the port is missing, or is no number from 1 to 65535; usual are 465 for smtps and 587 for smtp";
  }
  return path === "" || path === "/" ? undefined : "only parameters may follow the port: /?server_name=example.com";
}

function faultOfParameters(parameters: URLSearchParams, hasCredential: boolean): string | undefined {
  if ([...parameters].some(([name, value]) => parameterForms.get(name)?.test(value) !== true)) {
    return "a parameter is unknown or has a wrong value; there are skip_ssl_verify and disable_starttls (true or false), and server_name";
  }
  const isClear = /^[1tT]/.test(parameters.get("disable_starttls") ?? "");
  return isClear && hasCredential ? "a credential needs TLS, so disable_starttls must not be true" : undefined;
}

/**
 * What is wrong with the URL of an SMTP server, without any part of it; undefined when Kratos can use it.
 *
 * Kratos (1.3, courier/smtp.go) reads the URL with Go's net/url. It has no default port, resolves no international name,
 * puts no IPv6 address in brackets, and ignores a path and unknown parameters. Go sends no password over an unencrypted connection.
 */
export function faultOfSmtpUrl(value: string): string | undefined {
  const url = urlParts.exec(value)?.groups;
  if (url === undefined) {
    return "it does not begin with smtp:// or smtps://";
  }
  const { credential, server = "" } = url;
  const { host = "", port = "", path = "", query = "" } = serverParts.exec(server)?.groups ?? {};
  return (
    (credential === undefined ? undefined : faultOfCredential(credential)) ??
    faultOfServer(host, port, path) ??
    faultOfParameters(new URLSearchParams(query), credential !== undefined)
  );
}
