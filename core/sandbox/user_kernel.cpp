// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/user_kernel.h"

#include "sandbox/cell_arguments.h"
#include "sandbox/keeper_protocol.h"

#include <cstdint>
#include <nlohmann/json.hpp>

namespace gradus::sandbox {

namespace {

using Json = nlohmann::ordered_json;

Json storage(const char* path, std::uint64_t bytes, bool sized, const char* mode)
{
    Json options = Json::array({std::string("mode=") + mode, "uid=1000", "gid=1000", "nosuid", "nodev"});
    if (sized) options.push_back("size=" + std::to_string(bytes));
    return Json{{"destination", path}, {"type", "tmpfs"}, {"source", "tmpfs"}, {"options", std::move(options)}};
}

Json mounts(const CellOptions& options, const Weakening& weakening)
{
    const bool sized = weakening.has(Layer::FileSystemSizes);
    return Json::array({Json{{"destination", "/proc"}, {"type", "proc"}, {"source", "proc"}},
                        Json{{"destination", "/dev"}, {"type", "tmpfs"}, {"source", "tmpfs"}},
                        // The user kernel mounts its own /sys where nobody else does.
                        Json{{"destination", "/sys"},
                             {"type", "tmpfs"},
                             {"source", "tmpfs"},
                             {"options", Json::array({"ro", "size=4096"})}},
                        storage("/dev/shm", mebibyte, sized, "1777"),
                        storage("/tmp", options.limits.temporaryBytes, sized, "1777"),
                        storage("/home/agent", options.limits.homeBytes, sized, "0700")});
}

Json process(const Weakening& weakening)
{
    Json environment = Json::array();
    for (const auto& [name, value] : cellEnvironment())
        environment.push_back(name + "=" + value);
    if (!weakening.has(Layer::Environment)) environment.push_back("GRADUS_CANARY=1");
    Json none = Json::object();
    for (const char* set : {"bounding", "effective", "inheritable", "permitted", "ambient"})
        none[set] = Json::array();
    return Json{{"terminal", false},
                {"user", {{"uid", 1000}, {"gid", 1000}}},
                {"args", Json::array({"/opt/cell"})},
                {"env", std::move(environment)},
                {"cwd", "/home/agent"},
                {"capabilities", std::move(none)},
                {"noNewPrivileges", true}};
}

} // namespace

std::vector<std::string> userKernelCommand(const Weakening& weakening)
{
    const std::string folder(keeper::userKernelFolder);
    return {folder + "/runsc", "--rootless", "--ignore-cgroups",
            // Its own network stack with nothing but loopback; the host's is what a negative control shows.
            weakening.has(Layer::Network) ? "--network=none" : "--network=host",
            // The one that asks for no device; the others need /dev/kvm.
            "--platform=ptrace", "--root=" + folder + "/state", "run", "--bundle=" + folder, "cell"};
}

std::string userKernelBundle(const CellOptions& options, const Weakening& weakening)
{
    Json namespaces = Json::array();
    for (const std::string kind : {"pid", "network", "ipc", "uts", "mount"})
        if (kind != "network" || weakening.has(Layer::Network)) namespaces.push_back(Json{{"type", kind}});
    return Json{{"ociVersion", "1.0.2"},
                {"process", process(weakening)},
                {"root", {{"path", std::string(keeper::userKernelRoot)}, {"readonly", true}}},
                {"hostname", options.hostname},
                {"mounts", mounts(options, weakening)},
                {"linux", {{"namespaces", std::move(namespaces)}}}}
        .dump();
}

} // namespace gradus::sandbox
