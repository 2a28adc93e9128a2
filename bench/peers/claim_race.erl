%% The claim race for PropEr's state machines: a command for every step of a worker, the dispatcher and the link.
%%
%%     erlc claim_race.erl && erl -noshell -run claim_race main VARIANT WORKERS MESSAGES EXAMPLES
%%
%% It draws by the clock: no run is like another. Prints one line of JSON: commands run and tests tried until the first failure and in all, and the length of the
%% smallest run, which is null where nothing failed.
-module(claim_race).
-include_lib("proper/include/proper.hrl").
-behaviour(proper_statem).
-export([main/1, initial_state/0, command/1, precondition/2, next_state/3, postcondition/3]).
-export([sees/2, adds/1, takes/0, delivers/0, rests/0]).

-record(race, {seen = #{}, queued = [], queue = [], taken = none, delivered = []}).

main([Variant | Numbers]) ->
    [Workers, Messages, Examples] = [list_to_integer(N) || N <- Numbers],
    persistent_term:put(race, {list_to_atom(Variant), Workers, Messages}),
    Counts = counters:new(3, []), %% commands, tests, tests until the first failure
    Property = ?FORALL(Commands, proper_statem:commands(?MODULE), begin
        {_, _, Result} = proper_statem:run_commands(?MODULE, Commands),
        counters:add(Counts, 1, length([rests || {set, _, {call, _, Does, _}} <- Commands, Does =/= rests])),
        counters:add(Counts, 2, 1),
        case Result =/= ok andalso counters:get(Counts, 3) =:= 0 of
            true -> counters:put(Counts, 3, counters:get(Counts, 2)), put_time(first);
            false -> ok
        end,
        Result =:= ok
    end),
    statistics(runtime),
    put_time(began),
    Passed = proper:quickcheck(Property, [quiet, {numtests, Examples}, {max_size, 50}]),
    put_time(ended),
    Least = case Passed of true -> null; _ -> [Smallest | _] = proper:counterexample(), length(Smallest) end,
    "proper-" ++ Version = filename:basename(code:lib_dir(proper)),
    io:format("{\"steps\": ~p, \"examples\": ~p, \"first\": ~p, \"to_first\": ~s, \"least\": ~p, \"seconds\": ~s, \"version\": \"~s\"}~n",
        [counters:get(Counts, 1), counters:get(Counts, 2), nothing(counters:get(Counts, 3)), since(first), Least, since(ended), Version]),
    halt(0).

nothing(0) -> null;
nothing(N) -> N.
put_time(What) -> {Runtime, _} = statistics(runtime), persistent_term:put({time, What}, Runtime).
since(What) ->
    case persistent_term:get({time, What}, none) of
        none -> "null";
        Then -> io_lib:format("~.3f", [(Then - persistent_term:get({time, began})) / 1000])
    end.

initial_state() -> #race{}.

%% Where nothing can happen any more it rests: PropEr needs a command in every state.
command(Race) ->
    {_, Workers, Messages} = persistent_term:get(race),
    All = [{call, ?MODULE, sees, [W, M]} || W <- lists:seq(1, Workers), M <- lists:seq(1, Messages)]
        ++ [{call, ?MODULE, adds, [W]} || W <- lists:seq(1, Workers)]
        ++ [{call, ?MODULE, takes, []}, {call, ?MODULE, delivers, []}],
    case [Call || Call <- All, precondition(Race, Call)] of
        [] -> {call, ?MODULE, rests, []};
        May -> oneof(May)
    end.

precondition(_, {call, _, rests, []}) -> true;
precondition(#race{seen = Seen, queued = Queued}, {call, _, sees, [Worker, Message]}) ->
    not maps:is_key(Worker, Seen) andalso not lists:member(Message, Queued);
precondition(#race{seen = Seen}, {call, _, adds, [Worker]}) -> maps:is_key(Worker, Seen);
precondition(#race{queue = Queue, taken = Taken}, {call, _, takes, []}) -> Queue =/= [] andalso Taken =:= none;
precondition(#race{taken = Taken}, {call, _, delivers, []}) -> Taken =/= none.

next_state(Race, _, {call, _, rests, []}) -> Race;
next_state(Race = #race{seen = Seen}, _, {call, _, sees, [Worker, Message]}) -> Race#race{seen = Seen#{Worker => Message}};
next_state(Race = #race{seen = Seen, queued = Queued, queue = Queue}, _, {call, _, adds, [Worker]}) ->
    Message = maps:get(Worker, Seen),
    Gone = Race#race{seen = maps:remove(Worker, Seen)},
    {Variant, _, _} = persistent_term:get(race),
    case Variant =:= asShipped orelse not lists:member(Message, Queued) of
        true -> Gone#race{queue = Queue ++ [Message], queued = [Message | Queued]};
        false -> Gone
    end;
next_state(Race = #race{queue = [Message | Queue]}, _, {call, _, takes, []}) -> Race#race{queue = Queue, taken = Message};
next_state(Race = #race{taken = Message, delivered = Delivered}, _, {call, _, delivers, []}) ->
    Race#race{taken = none, delivered = [Message | Delivered]}.

postcondition(#race{taken = Message, delivered = Delivered}, {call, _, delivers, []}, _) -> not lists:member(Message, Delivered);
postcondition(_, _, _) -> true.

sees(_, _) -> ok.
adds(_) -> ok.
takes() -> ok.
delivers() -> ok.
rests() -> ok.
