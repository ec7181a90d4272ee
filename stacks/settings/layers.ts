import { foundationSettings } from "../foundation/settings.ts";
import { iamSettings } from "../iam/settings.ts";

/** The settings schema of every layer that this program can deploy, in order of deployment. */
export const layerSettings = { foundation: foundationSettings, iam: iamSettings };
