#!/usr/bin/perl
# A connector in Perl, with nothing but what comes with it: a queue for each link, and three attempts for each message.
#
#     npx unwedge check examples/peers/queue_per_link.pl
#
# The suite is its event loop: it is told what happens, one JSON object a line, and says what it does about it.
# Nothing else goes to standard output; what is printed to STDERR is shown on the page.
package QueuePerLink;
use strict;
use warnings;
use JSON::PP;

# Some messages are nested 3,000 deep, and some texts hold half a pair of UTF-16: written as they are, in ASCII.
no warnings 'recursion';
my $json = JSON::PP->new->ascii->max_depth(20_000)->allow_nonref;

my ($attempts, $pause) = (3, 500);    # milliseconds

sub say_line { my ($type, %fields) = @_; print $json->encode({ type => $type, %fields }), "\n" }

sub new { my ($class, $name) = @_; return bless { name => $name, guarantee => 'at-least-once' }, $class }

sub start {
    my ($self, $line) = @_;
    $self->{queues} = { map { $_ => [] } @{ $line->{links} } };
    $self->{$_} = {} for qw(busy calls timers);
    $self->{stopping} = 0;
    $self->{number} = 0;
    say_line('started');
}

sub take {
    my ($self, $line) = @_;
    my $message = $line->{message};
    return say_line('flag', id => $message->{id}, reason => 'the service has stopped') if $self->{stopping};
    push @{ $self->{queues}{ $message->{link} } }, { message => $message, attempts => 0 };
    $self->go_on($message->{link});
}

# Sends what waits for a link, unless something is on its way there.
sub go_on {
    my ($self, $link) = @_;
    return if $self->{busy}{$link} || !@{ $self->{queues}{$link} };
    $self->{busy}{$link} = 1;
    $self->{calls}{ ++$self->{number} } = $link;
    say_line('send', call => $self->{number}, link => $link, content => $self->{queues}{$link}[0]{message}{content});
}

sub answer {
    my ($self, $line) = @_;
    my $link  = delete $self->{calls}{ $line->{call} };
    my $entry = $self->{queues}{$link}[0];
    $entry->{attempts}++;
    if ($line->{outcome} eq 'taken') {
        say_line('delivered', id => $entry->{message}{id});
    } elsif ($line->{outcome} ne 'refused for good' && $entry->{attempts} < $attempts) {
        # The link stays busy: the messages behind this one wait for it.
        $self->{timers}{ ++$self->{number} } = $link;
        return say_line('timer', timer => $self->{number}, after => $pause * 2**$entry->{attempts});
    } else {
        $self->failed($entry->{message}, $line->{outcome});
    }
    shift @{ $self->{queues}{$link} };
    $self->free($link);
}

sub failed {
    my ($self, $message, $outcome) = @_;
    say_line('flag', id => $message->{id}, reason => $outcome);
}

sub fired { my ($self, $line) = @_; $self->free(delete $self->{timers}{ $line->{timer} }) }

sub free {
    my ($self, $link) = @_;
    delete $self->{busy}{$link};
    $self->go_on($link);
    $self->stopped;
}

sub stop { my ($self) = @_; $self->{stopping} = 1; $self->stopped }

# It has stopped when what it has in hand is settled: what it had then is lost.
sub stopped {
    my ($self) = @_;
    return if $self->{stopping} != 1 || grep { @$_ } values %{ $self->{queues} };
    $self->{stopping} = 2;
    say_line('stopped');
}

sub end { say_line('ended') }

sub run {
    my ($self) = @_;
    my $hello = { name => $self->{name}, guarantee => $self->{guarantee} };
    while (my $text = <STDIN>) {
        # JSON::PP reads bytes of UTF-8 with `utf8`; what it writes is ASCII, whatever it holds.
        my $line = JSON::PP->new->utf8->max_depth(20_000)->decode($text);
        my $type = $line->{type};
        if    ($type eq 'hello') { say_line('hello', protocol => 1, connector => $hello, can => [ 'take', 'stop' ]) }
        elsif ($type eq 'turn')  { say_line('done', turn => $line->{turn}) }
        else                     { $self->$type($line); next }
        STDOUT->flush;
    }
}

QueuePerLink->new('a queue per link, in Perl')->run unless caller;
1;
