/** Whether a setting tells an application to say more than production should, by the names that applications use for it. */
export function isDebugSetting(name: string, value: string): boolean {
  if (/^log_?level$/i.test(name)) return /^(debug|trace|all)$/i.test(value);
  return /^(debug|.*_debug)$/i.test(name) && /^(1|true|yes|on|\*)$/i.test(value);
}
