import { Modal } from '@mantine/core';
import { useRef, useState } from 'react';
import {
  type ConnectionView,
  type LoginView,
  type OrgLoginRequest,
  type ProviderView,
  useOrgLoginBegin,
  useOrgLoginCancel,
  useOrgLoginFinish,
} from '@/backend';
import { useReturnFocus } from '@/components';
import { ChooseProduct } from './ChooseProduct';
import { Connected } from './Connected';
import { LoginWait } from './LoginWait';
import { OrgForm } from './OrgForm';
import { SOURCES } from './products';
import { SourceForm } from './SourceForm';

type Step =
  | { kind: 'choose' }
  | { kind: 'form'; provider: ProviderView }
  | { kind: 'waiting'; login: LoginView }
  | { kind: 'done'; connection: ConnectionView };

/** Connects a product, or signs in to an org again. */
export function ConnectDialog({
  again,
  existing,
  onClose,
}: {
  /** The org to sign in to again. */
  again?: ConnectionView | undefined;
  existing: ConnectionView[];
  onClose: () => void;
}) {
  useReturnFocus();
  const [step, setStep] = useState<Step>(again ? { kind: 'form', provider: again.provider } : { kind: 'choose' });
  const [asked, setAsked] = useState<OrgLoginRequest | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const begin = useOrgLoginBegin();
  const finish = useOrgLoginFinish();
  const cancel = useOrgLoginCancel();
  // Only the login that is on screen may change the screen.
  const current = useRef<number | null>(null);

  const signIn = async (request: OrgLoginRequest) => {
    setAsked(request);
    setError(null);
    let login: LoginView | null = null;
    try {
      login = await begin.mutateAsync(request);
      current.current = login.login;
      setStep({ kind: 'waiting', login });
      const connection = await finish.mutateAsync({ login: login.login });
      if (current.current !== login.login) return;
      current.current = null;
      setStep({ kind: 'done', connection });
    } catch (failure) {
      // A cancelled login ends with an error that nobody waits for.
      if (login && current.current !== login.login) return;
      current.current = null;
      setError(failure as Error);
      setStep({ kind: 'form', provider: 'salesforce' });
    }
  };

  const stopWaiting = () => {
    const login = current.current;
    current.current = null;
    if (login !== null) cancel.mutate({ login });
  };
  const close = () => {
    stopWaiting();
    onClose();
  };
  const backToForm = () => {
    stopWaiting();
    setError(null);
    setStep({ kind: 'form', provider: 'salesforce' });
  };
  const names = existing.filter((one) => one.id !== again?.id).map((one) => one.name);

  return (
    <Modal opened onClose={close} title={titleOf(step, again)} size={560} closeOnClickOutside={step.kind !== 'waiting'}>
      {step.kind === 'choose' && <ChooseProduct onChoose={(provider) => setStep({ kind: 'form', provider })} />}
      {step.kind === 'form' &&
        (step.provider === 'salesforce' ? (
          <OrgForm
            again={again}
            asked={asked}
            names={names}
            busy={begin.isPending}
            error={error}
            onSubmit={signIn}
            onBack={again ? close : () => setStep({ kind: 'choose' })}
          />
        ) : (
          <SourceForm
            provider={step.provider}
            names={names}
            onConnected={(connection) => setStep({ kind: 'done', connection })}
            onBack={() => setStep({ kind: 'choose' })}
          />
        ))}
      {step.kind === 'waiting' && asked && <LoginWait login={step.login} name={asked.name} onCancel={backToForm} />}
      {step.kind === 'done' && <Connected connection={step.connection} existing={existing} onClose={close} />}
    </Modal>
  );
}

function titleOf(step: Step, again?: ConnectionView): string {
  switch (step.kind) {
    case 'choose':
      return 'Connect';
    case 'form':
      if (again) return `Sign in to ${again.name} again`;
      return step.provider === 'salesforce' ? 'Connect Salesforce' : `Connect ${SOURCES[step.provider].name}`;
    case 'waiting':
      return 'Sign in in your browser';
    case 'done':
      return `${step.connection.name} is connected`;
  }
}
