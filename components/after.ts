import * as pulumi from "@pulumi/pulumi";

/** A text that is known only once other things are: whatever is given it begins after them. */
export function after(others: readonly pulumi.Output<unknown>[], text: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.all([...others]).apply(() => pulumi.output(text));
}
