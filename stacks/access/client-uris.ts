import type * as pulumi from "@pulumi/pulumi";
import type { ClientHome } from "../../services/identity/clients/custom-resource.ts";
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

/** The page of an application for people; undefined when its client declares none. */
export function homeOf(
  model: LayerModel,
  application: ApplicationName,
  { home }: DeclaredClient,
): pulumi.Output<ClientHome> | undefined {
  if (home === undefined) {
    return undefined;
  }
  const { path, healthPath, purpose, roles = [] } = home;
  return model.host(application).apply((host) => ({
    uri: `https://${host}${path}`,
    healthUri: `https://${host}${healthPath}`,
    purpose,
    roles: [...roles],
  }));
}
