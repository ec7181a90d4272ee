import type * as pulumi from "@pulumi/pulumi";
import type { ApplicationName, DeclaredClient } from "../map/relation.ts";
import type { LayerModel } from "./layer-model.ts";

/** Redirect URIs of an application's OAuth2 client: those below its own host, and those outside of the platform. */
export function redirectUris(
  model: LayerModel,
  application: ApplicationName,
  { redirectPaths = [], redirectUris = [] }: DeclaredClient,
): pulumi.Input<string[]> {
  return redirectPaths.length === 0
    ? [...redirectUris]
    : model
        .host(application)
        .apply((host) => [...redirectPaths.map((path) => `https://${host}${path}`), ...redirectUris]);
}
