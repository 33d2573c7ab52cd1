import { option, say } from "../core/words/message";
import { defineResolver } from "../core/chain/resolver";
import { METADATA_ADDRESS, metadataSource, readMetadataAddress } from "./shared/metadata";

/** The service account attached to a VM, a container, or a pod. */
export const instanceMetadata = defineResolver({
  name: "instanceMetadata",
  summary: "The service account attached to this VM, container, function or Kubernetes pod.",
  options: {
    address: {
      kind: "string",
      env: ["YC_METADATA_ADDR"],
      default: METADATA_ADDRESS,
      doc: "Address of the metadata service, `host[:port]`.",
    },
  },
  resolve: async (input) => {
    const address = readMetadataAddress(input.options.address ?? METADATA_ADDRESS, input.source("address"));
    const setting = say`${option("instanceMetadata.address")} or YC_METADATA_ADDR`;
    return metadataSource(input, { address, setting });
  },
});
