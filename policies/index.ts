import { PolicyPack } from "@pulumi/policy";
import { disallowIngressWithoutTls } from "./disallow-ingress-without-tls.ts";

new PolicyPack("bibind", { policies: [disallowIngressWithoutTls] });
