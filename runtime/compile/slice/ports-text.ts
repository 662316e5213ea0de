// What of a definition's ports decides a trial's outcome: what they give of requests, and how answers are read. Addresses, keys, limits and
// prices decide nothing, so they are left out where the ports are written as calls with literals.
import { portSettingNames } from "../../../lib/experiment/effects/port-settings.ts";
import { grpcSettingNames } from "../../../lib/experiment/grpc.ts";
import { memberValue, objectLiteralOf, resolved } from "../check/syntax-values.ts";
import { Node } from "../typescript/ts-morph.ts";

/** An expression for the member `effects` of a definition. */
export function portsText(member: Node): string {
  const value = memberValue(member);
  const ports = objectLiteralOf(value);
  if (ports === null) return value.getText();
  const parts = ports.getProperties().map((property) => {
    if (!Node.isPropertyAssignment(property)) return property.getText();
    return `${property.getNameNode().getText()}: ${portText(property.getInitializerOrThrow())}`;
  });
  return `({ ${parts.join(", ")} })`;
}

/** An expression for a trial that is a simulation of an orchestrator; null for any other, which counts as it is written. */
export function simulationText(member: Node): string | null {
  const value = memberValue(member);
  const call = resolved(value);
  const callee = Node.isCallExpression(call) ? call.getExpression().getText() : "";
  return /(^|[.])grpc$/.test(callee) ? portText(value, grpcSettingNames) : null;
}

function portText(value: Node, settings = portSettingNames): string {
  const call = resolved(value);
  const options = Node.isCallExpression(call) ? objectLiteralOf(call.getArguments()[0]) : null;
  if (options === null || !Node.isCallExpression(call)) return value.getText();
  const kept = options
    .getProperties()
    .filter((one) => Node.isSpreadAssignment(one) || !settings.has(one.getNameNode().getText()));
  const texts = kept.map((one) => one.getText());
  return `${call.getExpression().getText()}({ ${texts.join(", ")} })`;
}
