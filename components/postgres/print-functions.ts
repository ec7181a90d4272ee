import { leasedUsersSql } from "./leased-users.ts";

process.stdout.write(leasedUsersSql.map((statement) => `${statement};\n`).join("\n"));
