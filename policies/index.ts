import { PolicyPack } from "@pulumi/policy";
import { disallowIngressWithoutTls } from "./disallow-ingress-without-tls.ts";
import { disallowPlainHttp } from "./disallow-plain-http.ts";

new PolicyPack("bibind", { policies: [disallowIngressWithoutTls, disallowPlainHttp] });
