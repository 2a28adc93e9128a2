-- The claim race in Murphi: `models/claim-queue.ts` without deaths, rule for rule.
-- The constants W (workers) and M (messages) come before this text.

type
  worker: 1 .. W;
  message: 1 .. M;
  maybe_message: 0 .. M;

var
  has: array [worker] of maybe_message;
  queue: array [message] of maybe_message;
  dispatcher: maybe_message;
  added: array [message] of boolean;
  delivered: array [message] of 0 .. 2;

startstate
begin
  for w: worker do has[w] := 0; end;
  for m: message do
    queue[m] := 0;
    added[m] := false;
    delivered[m] := 0;
  end;
  dispatcher := 0;
end;

ruleset w: worker; m: message do
  rule "worker sees message" has[w] = 0 & !added[m] ==>
  begin
    has[w] := m;
  end;
end;

ruleset w: worker do
  rule "worker adds its message" has[w] > 0 & !added[has[w]] ==>
  var end_of_queue: boolean;
  begin
    end_of_queue := false;
    for i: message do
      if !end_of_queue & queue[i] = 0 then
        queue[i] := has[w];
        end_of_queue := true;
      end;
    end;
    added[has[w]] := true;
    has[w] := 0;
  end;

  rule "worker gives up its message" has[w] > 0 & added[has[w]] ==>
  begin
    has[w] := 0;
  end;
end;

rule "dispatcher takes message" dispatcher = 0 & queue[1] > 0 ==>
begin
  dispatcher := queue[1];
  for i: message do
    if i < M then
      queue[i] := queue[i + 1];
    else
      queue[i] := 0;
    end;
  end;
end;

rule "dispatcher delivers its message" dispatcher > 0 ==>
begin
  delivered[dispatcher] := delivered[dispatcher] + 1;
  dispatcher := 0;
end;

invariant "no message is delivered twice"
  forall m: message do delivered[m] < 2 end;
