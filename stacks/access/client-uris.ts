import type * as pulumi from "@pulumi/pulumi";
import type { ClientHome } from "../../services/identity/clients/custom-resource.ts";
import { pagesOf } from "../map/pages.ts";
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

/** The first page of an application for people, which its OAuth2 client carries; undefined when it has no pages. */
export function homeOf(model: LayerModel, application: ApplicationName): pulumi.Output<ClientHome> | undefined {
  const pages = pagesOf(model.map, application);
  if (pages === undefined) {
    return undefined;
  }
  const { path, health, purpose, roles } = pages;
  return model.host(application).apply((host) => ({
    uri: `https://${host}${path}`,
    healthUri: `https://${host}${health}`,
    purpose,
    roles: [...roles],
  }));
}
