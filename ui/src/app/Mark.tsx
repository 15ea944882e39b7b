/** Drawbridge's mark. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" fill="none" aria-hidden="true">
      <rect width="20" height="20" rx="5" fill="var(--db-accent)" />
      <path
        d="M4 14.5h12M5.5 14.5V6M14.5 14.5V6M5.5 6.5l4.1 4.2M14.5 6.5l-4.1 4.2"
        stroke="#fff"
        strokeWidth="1.6"
        strokeLinecap="round"
      />
    </svg>
  );
}
