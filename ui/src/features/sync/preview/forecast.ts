import type { ForecastView } from '@/backend';
import { formatCount } from '@/components';

/** Calls a run would make in all. */
export function callsOf(forecast: ForecastView): number {
  return forecast.check_calls + forecast.write_calls + forecast.verify_calls;
}

/** `About 14 API calls` */
export function callsInWords(forecast: ForecastView): string {
  const calls = callsOf(forecast);
  return `About ${formatCount(calls)} API ${calls === 1 ? 'call' : 'calls'}`;
}

/** `98,220 of 100,000 left in the last 24 hours`, as far as the org says so. */
export function leftInWords(forecast: ForecastView): string | null {
  if (forecast.calls_left === null) {
    return null;
  }
  if (forecast.calls_limit === null) {
    return `${formatCount(forecast.calls_left)} left`;
  }
  return `${formatCount(forecast.calls_left)} of ${formatCount(forecast.calls_limit)} left in the last 24 hours`;
}

/** `under a minute`, `about 4 minutes`, `about 3 hours` */
export function timeInWords(forecast: ForecastView): string {
  if (forecast.seconds < 60) {
    return 'under a minute';
  }
  const minutes = Math.ceil(forecast.seconds / 60);
  if (minutes >= 120) {
    return `about ${formatCount(Math.ceil(minutes / 60))} hours`;
  }
  return `about ${formatCount(minutes)} ${minutes === 1 ? 'minute' : 'minutes'}`;
}

/** What the time is reckoned from. */
export function timeFromWords({ timed_runs: runs }: ForecastView): string {
  if (runs === 0) {
    return 'The time is a guess: no run to this org was timed yet.';
  }
  return `The time is what the last ${runs === 1 ? 'run' : `${runs} runs`} to this org took, for as much as is to be written now.`;
}

/** How many calls a run may make at present; `null` where that is not known. */
function callsUsable({ calls_usable, calls_left }: ForecastView): number | null {
  return calls_usable ?? calls_left;
}

/** Whether a run would need more calls than it may make at present. */
export function tooFewCalls(forecast: ForecastView): boolean {
  const usable = callsUsable(forecast);
  return usable !== null && usable < callsOf(forecast);
}

/** That a run would wait for calls, as the end of a sentence. */
export function waitInWords(forecast: ForecastView): string {
  const usable = callsUsable(forecast) ?? 0;
  const now = usable === 0 ? 'none can be made now' : `only ${formatCount(usable)} can be made now`;
  return `${now}: the org's last calls are left to others. A run waits for more and goes on by itself`;
}
