// SPDX-License-Identifier: GPL-3.0-or-later
// What the worker and the keeper (the small process that stands between it and a cell) agree on.
#pragma once

#include <string_view>

/// The keeper is a static program of ours that runs outside the cell and inside nothing of the worker's memory. Its
/// descriptors are fixed; whatever else it inherits it closes first. It says what it did in lines on its control
/// socket: "account UID", "child PID", "proved", "missing LAYER: why", "ended KIND NUMBER". The worker says one byte:
/// 'p' (prove the layers now), 'g' (prove that the cell's first process is guarded). The end of the control stream, or
/// SIGTERM, ends the cell.
namespace gradus::sandbox::keeper {

inline constexpr int inputFd = 0;   ///< requests, becomes the cell's standard input
inline constexpr int outputFd = 1;  ///< replies, becomes the cell's standard output
inline constexpr int errorsFd = 2;  ///< what bubblewrap has to say
inline constexpr int controlFd = 3; ///< stream socket to the worker
inline constexpr int argumentsFd = 4;
inline constexpr int tableFilterFd = 5;
inline constexpr int argumentFilterFd = 6;
inline constexpr int passwdFd = 7;
inline constexpr int groupFd = 8;
inline constexpr int hostsFd = 9;
inline constexpr int nsswitchFd = 10;
inline constexpr int loaderCacheFd = 11;
inline constexpr int programFd = 12;      ///< the cell's first process, as data
inline constexpr int bundleFd = 13;       ///< the user kernel's configuration
inline constexpr int mendFd = 14;         ///< a library, as data (helper/statx_mend.cpp)
inline constexpr int controlGroupFd = 15; ///< the cell's control group: its cgroup.procs, or nothing to write to
inline constexpr int wireFd = 16;   ///< of a joined cell (join_wire.h): its end of the supervisor's pair; else nothing
inline constexpr int statusFd = 17; ///< bubblewrap's json status; the keeper makes this pipe itself
inline constexpr int lastFd = 17;

/// Layers by the names that people read, in "missing LAYER: why" and in the battery.
inline constexpr std::string_view layerAccount = "unprivileged account";
inline constexpr std::string_view layerBubblewrap = "bubblewrap";
inline constexpr std::string_view layerNamespaces = "namespaces";
inline constexpr std::string_view layerSeccomp = "system-call filters";
inline constexpr std::string_view layerPrivileges = "no capabilities";
inline constexpr std::string_view layerDescriptors = "closed descriptors";
inline constexpr std::string_view layerLimits = "resource limits";
inline constexpr std::string_view layerRoot = "read-only root";
inline constexpr std::string_view layerGuard = "guarded helper";
inline constexpr std::string_view layerGroup = "control group";
inline constexpr std::string_view layerJoins = "declared joins";
inline constexpr std::string_view layerSizes = "sized file systems";
inline constexpr std::string_view layerWatchdog = "watchdog";
inline constexpr std::string_view layerUserKernel = "kernel in user space";

/// Where bubblewrap's root holds what a user kernel needs, and the root that it shows to the cell.
inline constexpr std::string_view userKernelFolder = "/wall";
inline constexpr std::string_view userKernelRoot = "/wall/root";
/// Where a cell whose kernel may have a broken statx finds the mend (helper/statx_mend.cpp).
inline constexpr const char* statxMendPath = "/opt/statx.so";

} // namespace gradus::sandbox::keeper
