// SPDX-License-Identifier: GPL-3.0-or-later
// A library that stands before the C library's where a kernel's statx is broken (cell_helper.cpp): gVisor before 2023
// takes AT_NO_AUTOMOUNT, with which coreutils asks, for a mistake, so that `ls /` fails. Nothing is mounted by being
// looked at there, so the flag can be left out.
#include <fcntl.h>
#include <sys/syscall.h>

extern "C" {

long syscall(long number, ...) noexcept;

int statx(int folder, const char* path, int flags, unsigned mask, void* into) noexcept
{
    return static_cast<int>(syscall(SYS_statx, folder, path, flags & ~AT_NO_AUTOMOUNT, mask, into));
}
}
