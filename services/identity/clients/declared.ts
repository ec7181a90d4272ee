import { z } from "zod";
import { oauthClientSpec } from "./custom-resource.ts";

/** Every client that Hydra shall hold, and no other. */
export const declaredClients = z.array(oauthClientSpec).superRefine((clients, context) => {
  clients.forEach(({ clientId }, index) => {
    if (clients.findIndex((other) => other.clientId === clientId) < index) {
      context.addIssue({ code: "custom", path: [index, "clientId"], message: `${clientId} is declared twice` });
    }
  });
});
