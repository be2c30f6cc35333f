// SPDX-License-Identifier: GPL-3.0-or-later
// The two system-call filters of a cell, as BPF programs for bubblewrap to load.
#pragma once

#include "base/result.h"

#include <string>
#include <vector>

namespace gradus::sandbox {

/// Names that the first filter answers with EPERM, in the order of the documentation. Data, so that a test can hold it
/// against a list of its own.
const std::vector<std::string>& deniedCalls();

/// First filter, "frozen table": what libseccomp knows is allowed, what is unknown or newer looks absent (ENOSYS),
/// deniedCalls() get EPERM; clone makes no namespaces, clone3 looks absent (its flags are behind a pointer), socket
/// makes UNIX and Internet sockets only; splice, tee and sendfile get EINVAL. Any other architecture's call (i386, x32)
/// ends the process.
/// The result is an array of sock_filter as bytes. Pure; any thread.
/// FilterFor::UserKernel: for gVisor's own processes, which trace, mount, make namespaces, name memory and move pages;
/// all else is as for commands.
enum class FilterFor
{
    Commands,
    UserKernel,
};
Result<std::string> tableFilter(FilterFor whom = FilterFor::Commands);

/// Second filter, for arguments: terminal injection (TIOCSTI, TIOCLINUX, TIOCSETD, compared under a 32-bit mask), raw
/// sockets and Internet sockets of other types than streams and datagrams, ends of records (MSG_EOR), modes with a
/// set-user-id bit, devices and raised priorities get EPERM. It is a second one because libseccomp cannot hold a
/// conditional errno beside an unconditional allow of the same call.
Result<std::string> argumentFilter();

} // namespace gradus::sandbox
