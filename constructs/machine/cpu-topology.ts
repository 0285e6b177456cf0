/**
 * How a machine's virtual CPUs are divided. Guests schedule and license by it.
 *
 * The product of all numbers is `maxVcpus`, or `vcpus` without it. A change takes effect when the guest next starts.
 *
 * @see https://libvirt.org/formatdomain.html#cpu-model-and-topology
 */
export interface CpuTopology {
  /**
   * Number of sockets. Desktop editions of Windows use two at most.
   *
   * @default 1
   */
  readonly sockets?: number;

  /**
   * Number of dies in a socket.
   *
   * @default 1
   */
  readonly dies?: number;

  /**
   * Number of clusters in a die, on ARM. It requires libvirt 10.1 on the host.
   *
   * @default 1
   */
  readonly clusters?: number;

  /**
   * Number of cores in a cluster.
   *
   * @default - what remains: `maxVcpus` divided by the other numbers
   */
  readonly cores?: number;

  /**
   * Number of threads in a core.
   *
   * @default 1
   */
  readonly threads?: number;
}
