import { OptionError } from "../core/errors";
import { joinText, say } from "../core/message";
import { defineResolver, type ResolverInput } from "../core/resolver";
import { METADATA_ADDRESS, metadataSource } from "./shared/metadata";

const options = {
  address: {
    kind: "string",
    env: ["YC_METADATA_ADDR"],
    default: METADATA_ADDRESS,
    doc: "Address of the metadata service, `host[:port]`.",
  },
} as const;

/** The service account attached to a VM, a container, or a pod. */
export const instanceMetadata = defineResolver({
  name: "instanceMetadata",
  summary: "The service account attached to this VM, container, function or Kubernetes pod.",
  options,
  resolve: async (input) => metadataSource(input, readAddress(input)),
});

function readAddress({ options: given, source }: ResolverInput<typeof options>): string {
  const address = given.address ?? METADATA_ADDRESS;
  const url = URL.canParse(`http://${address}/`) ? new URL(`http://${address}/`) : undefined;
  const isBare = url?.pathname === "/" && url.username === "" && url.search === "" && url.hash === "";
  if (isBare && !address.includes("/")) return address;
  throw new OptionError(
    say`${joinText([source("address")], "")} is not an address: write host or host:port, without a scheme or path.`,
    "instanceMetadata.address",
  );
}
