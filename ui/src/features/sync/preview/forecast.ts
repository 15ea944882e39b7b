import type { ForecastView } from '@/backend';
import { formatCount } from '@/components';

/** What one call takes, with its answer, in seconds: a whole collection of 200 records takes about this long. */
const SECONDS_A_CALL = 2;

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

/** `under a minute`, `about 4 minutes` */
export function timeInWords(forecast: ForecastView): string {
  const minutes = (callsOf(forecast) * SECONDS_A_CALL) / 60;
  if (minutes < 1) {
    return 'under a minute';
  }
  const whole = Math.ceil(minutes);
  return `about ${formatCount(whole)} ${whole === 1 ? 'minute' : 'minutes'}`;
}

/** Whether the org has fewer calls left than a run would make. */
export function tooFewCalls(forecast: ForecastView): boolean {
  return forecast.calls_left !== null && forecast.calls_left < callsOf(forecast);
}
